import { ButtonRow, type RenderContext } from '../../chat/web/render.tsx';
import type { PostView } from '../deps.ts';
import { countdown } from '../time.ts';
import type { Visit } from '../visit.ts';

const SIGN: Readonly<Record<PostView['state'], string>> = { filled: '●', paged: '◐', told: '✉', empty: '○' };

export function PostsPanel(props: { posts: readonly PostView[]; visit: Visit; context: RenderContext }) {
  const { posts, visit, context } = props;
  return (
    <>
      <h2 id="people-title">{visit.words.people}</h2>
      <ul class="posts">
        {posts.map((post) => (
          <Post post={post} visit={visit} context={context} />
        ))}
      </ul>
    </>
  );
}

function Post({ post, visit, context }: { post: PostView; visit: Visit; context: RenderContext }) {
  const { words, times, now } = visit;
  return (
    <li class={`post ${post.state}`}>
      <span class="post-sign" aria-hidden="true">
        {SIGN[post.state]}
      </span>
      <div class="post-main">
        <p class="post-title">
          <span>{post.title}</span>
          <span class="post-state">{words.postState[post.state]}</span>
        </p>
        {(post.person !== null || post.note !== null) && (
          <p class="post-person">
            {post.person !== null && (
              <>
                <strong>{post.person.name}</strong> <span class="org">{post.person.orgName}</span>
              </>
            )}
            {post.since !== null && <span class="when">{times.short(post.since)}</span>}
            {post.note !== null && <span class="quiet">{post.note}</span>}
          </p>
        )}
        {post.trail !== undefined && post.trail.length > 0 && (
          <ul class="post-trail quiet">
            {post.trail.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        )}
        {post.acknowledgeBy !== null && (
          <p class="post-wait" data-deadline={post.acknowledgeBy}>
            <span class="count" data-count>
              {countdown(post.acknowledgeBy - now)}
            </span>{' '}
            {words.acknowledgeBy(times.short(post.acknowledgeBy))}
          </p>
        )}
      </div>
      <ButtonRow buttons={post.buttons} context={context} />
    </li>
  );
}

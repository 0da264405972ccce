import { ButtonRow, CodeView, type RenderContext } from '../../chat/web/render.tsx';
import type { ApprovalView, RoomView } from '../deps.ts';
import { countdown } from '../time.ts';
import type { Visit } from '../visit.ts';

export function ApprovalsPanel(props: { room: RoomView; visit: Visit; context: RenderContext }) {
  const { room, visit, context } = props;
  const { words } = visit;
  return (
    <>
      <h2 id="approvals-title" tabindex={-1}>
        {words.approvals}
        {room.approvals.length > 0 && <span class="count-badge">{room.approvals.length}</span>}
      </h2>
      {room.approvals.length === 0 && <p class="quiet">{words.noApprovals}</p>}
      {room.approvals.map((approval) => (
        <Approval approval={approval} room={room} visit={visit} context={context} />
      ))}
    </>
  );
}

function Approval(props: { approval: ApprovalView; room: RoomView; visit: Visit; context: RenderContext }) {
  const { approval, room, visit, context } = props;
  const { words, times, now } = visit;
  const action = room.incident.actions.find((one) => one.id === approval.action);
  if (!action) return null;
  const { content } = action;
  return (
    <article class={`approval ${action.status}`}>
      <p class="approval-title">
        <span class="action-id">{action.id}</span> <strong>{content.title}</strong>
        {content.target !== null && <span class="target"> → {content.target}</span>}
      </p>
      <p class="approval-meta">
        <span class={`risk ${content.risk}`}>{words.riskWord[content.risk]}</span>
        <span>{action.status === 'approved' ? words.approvalStatus.approved : words.waitsApproval}</span>
        {approval.due !== null && (
          <span data-deadline={approval.due}>
            <span class="count" data-count>
              {countdown(approval.due - now)}
            </span>{' '}
            {words.before(times.short(approval.due))}
          </span>
        )}
      </p>
      <dl class="fields">
        {content.impact !== null && (
          <div>
            <dt>{words.impact}</dt>
            <dd>{content.impact}</dd>
          </div>
        )}
        {content.rollback !== null && (
          <div>
            <dt>{words.rollback}</dt>
            <dd>{content.rollback}</dd>
          </div>
        )}
      </dl>
      <ul class="roles">
        {approval.roles.map((role) => (
          <li class={role.approvedBy === null ? 'open' : 'given'}>
            <span aria-hidden="true">{role.approvedBy === null ? '☐' : '☑'}</span> {role.title}
            <span class="quiet">
              {role.approvedBy === null
                ? ` ${role.holder ?? '—'}`
                : ` ${role.approvedBy} ${role.approvedAt === null ? '' : times.short(role.approvedAt)}`}
            </span>
            {role.breakGlass && <span class="badge bad">{words.breakGlass}</span>}
          </li>
        ))}
      </ul>
      {content.commands.length > 0 && (
        <details class="fold" id={`commands-${action.id}`}>
          <summary>{words.commandsOf}</summary>
          <CodeView code={content.commands.join('\n')} startLine={null} marked={[]} labels={context.labels} />
        </details>
      )}
      <ButtonRow buttons={approval.buttons} context={context} />
    </article>
  );
}

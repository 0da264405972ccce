/**
 * What matters by its form alone, although none of its words is in the rules: the loss that is counted ("85 通电话没弹")
 * and the short good news of the one who waited for it ("有声音了").
 */

/** What an incident costs, in the words of those who pay it: with a number it needs no other word of trouble. */
const toll =
  /停线|少做|少产|少发|晚发|漏发|错发|延误|耽误|滞留|停办|停诊|停运|白跑|投诉|来问|来电|打来|催|没(?:抄|弹|办|做|发|收|交|缴|打|排|抢)|分流|改签|退票|退款|放行|压了|堵了|排队|流失/;

const shortNews =
  /^(?:哦|嗯|哎|好|诶|可以)?[，, ]*[\u3400-\u9fffA-Za-z0-9 ]{1,10}了[\s，,。！!]*(?:对的?|好的?|谢谢|可以|稳|这次稳的|真的)?$/;
const noNews =
  /又|没|不|未|还|收到|知道|明白|看到|辛苦|睡|吃|走|来了|散|发了|报了|试了|测了|等|问|催|急|炸|挂|停|断|崩|坏|卡|满|慢|错|丢|堵|压|疯|重启|说|打了|换|改|少|减|降|到了|拉|上报|排|哭|爆/;

export const isShortNews = (text: string): boolean => shortNews.test(text) && !noNews.test(text);

/** What a cause, a figure or a monitor is told by, without a phrase of the rules. */
const telling =
  /到期|过期|失效|用[完尽]|耗尽|超限|回复|反馈|答复|[率量]回|告警|报警|阈值|^(?:原来)?就?是|出来了|[切挪改调迁转移](?:到|成|回|至|往)|^我?们?(?:让|叫|请|催)|HTTP [45]|^我?[先来去]?看[看下]|^(?:@\S+ )?(?:again|back)[.!]*$/i;

/** In one look, for most messages of a room are looked at for this and nothing else. */
const worth = new RegExp(`${toll.source}|${telling.source}`, 'i');

/** Whether a message without any known phrase is worth reading; long ones have phrases. */
export function worthReading(text: string): boolean {
  if (text.length > 60) return false;
  if (text.length <= 20 && text.includes('了') && isShortNews(text)) return true;
  return worth.test(text);
}

import type { Message } from '../../src/summary/index.ts';

const said = (time: string, author: string, text: string): Message => ({
  at: `2026-05-06T${time}+08:00`,
  author,
  text,
});

/** A short room with everything a summary can hold, and with text that wants to break out of every format. */
export const room: Message[] = [
  said('10:03:10', '窗口·客户', '缴费页面打不开了，全部窗口排队'),
  said('10:04:00', '值班·厂商', '收到，在看'),
  said('10:05:20', '窗口·客户', '大概 9:58 开始报错的'),
  said('10:06:40', '值班·厂商', '怀疑是网络抖动'),
  said('10:09:00', '网络·客户', '网络没问题，不是网络'),
  said('10:14:30', '值班·厂商', '查明了，原因是归档日志把数据盘写满，写不进去就全部超时'),
  said('10:15:10', '值班·厂商', '已清理过期归档日志 38G'),
  said('10:18:00', '窗口·客户', '恢复了，能缴费了'),
  said('10:21:00', '窗口·客户', '统计：影响 3 个大厅，212 笔缴费失败'),
  said('10:24:00', '值班·厂商', '明天把磁盘使用率告警加上，阈值 80%'),
  said(
    '10:30:00',
    '访客',
    "=cmd|' /C calc'!A0 <img src=x onerror=alert(1)> @all <!channel> [点我](http://evil.example) 故障",
  ),
];

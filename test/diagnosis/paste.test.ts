import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { looksLikeLog } from '../../src/diagnosis/index.ts';

describe('a message that is a pasted log', () => {
  it.each([
    '2024-01-01 10:00:00,123 ERROR [http-1] c.a.B - failed\njava.lang.IllegalStateException: x\n\tat a.B.c(B.java:1)',
    'java.lang.OutOfMemoryError: Java heap space',
    '<Aug 10, 2014 1:41:37 AM CST> <Error> <JDBC> <server-001112> <Test failed>',
    '```\nCaused by: java.net.ConnectException: Connection refused\n\tat java.net.Socket.connect(Socket.java:1)\n```',
    '帮忙看下这个\n2024-01-01 10:00:00 WARN a - b\n2024-01-01 10:00:01 ERROR a - c\njava.io.IOException: Broken pipe',
    '> Nov 11 03:12:01 app01 kernel: Out of memory: Killed process 22110 (java)',
    'startserv: line 180: 64034 Killed  java -jar a.jar',
    'Traceback (most recent call last):\n  File "/a/b.py", line 3, in <module>\nValueError: x',
  ])('%#', (text) => {
    expect(looksLikeLog(text)).toBe(true);
  });
  it('every log of a fault that really happened', () => {
    const folder = new URL('../samples/real/', import.meta.url);
    const unseen = readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .filter((name) => !looksLikeLog(readFileSync(new URL(name, folder), 'utf8')));
    expect(unseen).toEqual([]);
  });
});

describe('a message that is talk', () => {
  it.each([
    '报了 OutOfMemoryError，谁看看？',
    '节点1又报 Too many open files 了，麻烦查一下',
    '已到场，正在登录服务器',
    '10:32 业务恢复了，窗口能办了',
    'Could someone restart node 2? I think the pool is full',
    'we have "Connection refused" again, please check the listener',
    '好的',
    '我先备份日志，再停止节点 server1',
    '客户说 3 点左右开始报错，全部节点都打不开',
    'ETA 20 minutes, the DBA is on the call',
    '明天 2024-01-02 10:00 复盘会，请大家参加',
    '/incident open 核心交易系统无法访问，全部节点报错',
    '看了下 error 日志没有新增，warn 有几条',
    'https://wiki.example/runbook/oom-heap?x=1',
    '端口 8080 是谁占用的？',
    '又 Permission denied 了',
    '磁盘满了，我先把旧日志移走',
    'JAVA_HOME 已经改好了',
    'is JAVA_HOME set on node 2?',
    '',
  ])('%s', (text) => {
    expect(looksLikeLog(text)).toBe(false);
  });
});

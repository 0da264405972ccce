/** The look of the HTML report: a formal document on paper, the same calm on a dark screen. Fonts fall back. */
export const style = `
:root{--ink:#1d2430;--muted:#667085;--line:#d0d5dd;--paper:#fff;--desk:#f2f4f7;--track:#e6e9ef;--good:#2e7d4f;--warn:#b7791f;--bad:#c0392b;--accent:#2f5d9b;--soft:#f7f8fa;--hei:SimHei,"黑体","Noto Sans CJK SC","Microsoft YaHei",sans-serif;--kai:KaiTi,"KaiTi_GB2312","楷体","Noto Serif CJK SC",serif;--fang:FangSong,"FangSong_GB2312","仿宋","Noto Serif CJK SC","Source Han Serif SC","Songti SC",serif}
@media (prefers-color-scheme:dark){:root{--ink:#e4e7ec;--muted:#98a2b3;--line:#3a4352;--paper:#161b22;--desk:#0d1117;--track:#2a323d;--good:#4fb477;--warn:#e0a83f;--bad:#ef6f61;--accent:#7fb0ee;--soft:#1c232c}}
*{box-sizing:border-box}
body{margin:0;background:var(--desk);color:var(--ink);font:16px/1.75 var(--fang);overflow-wrap:anywhere}
main{max-width:54rem;margin:2rem auto;padding:3.2rem 3.6rem;background:var(--paper);border:1px solid var(--line);border-radius:4px}
h1{font:700 1.75rem/1.4 "FZXiaoBiaoSong-B05S","方正小标宋简体","Noto Serif CJK SC",SimSun,serif;text-align:center;margin:0 0 .6rem}
h2{font:400 1.2rem/1.6 var(--hei);margin:2rem 0 .6rem}
h3{font:400 1.06rem/1.6 var(--kai);margin:1.4rem 0 .4rem}
h4{font:700 1rem/1.6 var(--fang);margin:1rem 0 .3rem}
.meta{text-align:center;color:var(--muted);font-size:.9rem;margin:0 0 1.6rem}
.draft{color:var(--bad);border:1px solid var(--bad);border-radius:3px;padding:0 .4em;margin-left:.6em}
nav{border:1px solid var(--line);border-radius:4px;padding:.8rem 1.2rem;margin:0 0 1.5rem;font-size:.94rem}
nav b{font:400 1rem/1.6 var(--hei)}
nav ol{list-style:none;margin:0;padding:0}nav .l2{padding-left:1.4em}nav .l3{padding-left:2.8em}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
.para{margin:.5rem 0;text-indent:2em}:lang(en) .para{text-indent:0}.note{color:var(--muted);font-size:.88rem;margin:.4rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.6rem 0 1rem;font-size:.93rem;line-height:1.55}
th,td{border:1px solid var(--line);padding:.34rem .6rem;text-align:left;vertical-align:top}
th{background:var(--soft);font-family:var(--hei);font-weight:400}
th[scope=row]{width:9.5em}
.none{color:var(--muted);font-style:normal;border-bottom:1px dashed var(--muted)}
sup{font:.66em/0 var(--hei)}
.time{white-space:nowrap;font-variant-numeric:tabular-nums}
tr.good td:first-child{border-left:3px solid var(--good)}tr.warn td:first-child{border-left:3px solid var(--warn)}tr.bad td:first-child{border-left:3px solid var(--bad)}
.mark{color:var(--warn);font-size:.86em}
figure{margin:1rem 0;text-align:center}figure svg{width:100%;max-width:42rem;height:auto}figcaption{font-size:.86rem;color:var(--muted)}
.f-text{fill:var(--ink)}.f-muted{fill:var(--muted)}.f-line{fill:var(--line)}.f-track{fill:var(--track)}.f-good{fill:var(--good)}.f-warn{fill:var(--warn)}.f-bad{fill:var(--bad)}.f-accent{fill:var(--accent)}
.s-text{stroke:var(--ink)}.s-muted{stroke:var(--muted)}.s-line{stroke:var(--line)}.s-track{stroke:var(--track)}.s-good{stroke:var(--good)}.s-warn{stroke:var(--warn)}.s-bad{stroke:var(--bad)}.s-accent{stroke:var(--accent)}
.sign{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:1.2rem;margin:1.6rem 0;break-inside:avoid}
.sign div{border:1px solid var(--line);padding:.8rem 1rem;min-height:8.4rem}.sign b{font:400 1rem/1.6 var(--hei)}
.sign span{display:block;margin-top:.9rem;border-bottom:1px solid var(--line);color:var(--muted);font-size:.88rem}
footer{margin-top:2rem;border-top:1px solid var(--line);padding-top:.6rem;color:var(--muted);font-size:.8rem}
code{font-family:"Noto Sans Mono CJK SC",Consolas,monospace;font-size:.86em}
:target{background:color-mix(in srgb,var(--accent) 16%,transparent)}
@media (max-width:40rem){main{margin:0;padding:1.4rem 1.1rem;border:0}th[scope=row]{width:6.5em}}
@page{size:A4;margin:30mm 26mm 28mm 28mm}
@media print{:root{--ink:#000;--muted:#444;--line:#888;--paper:#fff;--desk:#fff;--track:#e2e2e2;--soft:#f2f2f2;--good:#2e7d4f;--warn:#b7791f;--bad:#c0392b;--accent:#1d2430}
body{background:#fff;font-size:12pt}main{border:0;margin:0;padding:0;max-width:none}h2,h3,h4{break-after:avoid}tr,figure{break-inside:avoid}thead{display:table-header-group}}
`;

import { AlignmentType, type IStylesOptions, LineRuleType } from 'docx';
import type { Language } from '../document.ts';

/**
 * Fonts of official documents by the names that Word and WPS know on Chinese systems; elsewhere the word processor
 * takes its own Song, Hei or Kai in their place. Latin letters and figures stand in Times New Roman.
 */
const face = (eastAsia: string) => ({
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  cs: 'Times New Roman',
  eastAsia,
});
const fangSong = face('仿宋');
const hei = face('黑体');
const kai = face('楷体');
const song = face('宋体');

/** Half points: 二号 22 pt, 三号 16 pt, 四号 14 pt, 五号 10.5 pt. */
const size = { title: 44, heading: 32, body: 30, table: 21, small: 18 };
const exact = (points: number) => ({ line: points * 20, lineRule: LineRuleType.EXACT });

export function wordStyles(language: Language): IStylesOptions {
  const firstLine = language === 'zh' ? { indent: { firstLine: size.body * 20 } } : {};
  return {
    default: {
      document: {
        run: {
          font: fangSong,
          size: size.body,
          // Western text set in Chinese would be broken inside words and times.
          language: { value: language === 'zh' ? 'en-US' : 'en-GB', eastAsia: 'zh-CN' },
        },
      },
      heading1: {
        run: { font: hei, size: size.heading, bold: false, color: '000000' },
        paragraph: { spacing: { before: 280, after: 100, ...exact(30) }, keepNext: true },
      },
      heading2: {
        run: { font: kai, size: size.heading, bold: false, color: '000000' },
        paragraph: { spacing: { before: 200, after: 80, ...exact(28) }, keepNext: true },
      },
      heading3: {
        run: { font: fangSong, size: size.body, bold: true, color: '000000' },
        paragraph: { spacing: { before: 160, after: 60, ...exact(28) }, keepNext: true },
      },
    },
    paragraphStyles: [
      {
        id: 'ReportTitle',
        name: 'Report title',
        basedOn: 'Normal',
        run: { font: song, size: size.title, bold: true },
        paragraph: {
          alignment: AlignmentType.CENTER,
          spacing: { before: 240, after: 200, ...exact(32) },
        },
      },
      {
        id: 'ReportMeta',
        name: 'Report meta',
        basedOn: 'Normal',
        run: { font: kai, size: 24, color: '404040' },
        paragraph: { alignment: AlignmentType.CENTER, spacing: { after: 320, ...exact(18) } },
      },
      {
        id: 'ContentsTitle',
        name: 'Contents title',
        basedOn: 'Normal',
        run: { font: hei, size: size.heading },
        paragraph: { alignment: AlignmentType.CENTER, spacing: { before: 120, after: 160, ...exact(24) } },
      },
      {
        id: 'Body',
        name: 'Report body',
        basedOn: 'Normal',
        quickFormat: true,
        paragraph: { spacing: exact(28), alignment: AlignmentType.START, ...firstLine },
      },
      {
        id: 'ListItem',
        name: 'Report list',
        basedOn: 'Normal',
        paragraph: { spacing: { after: 40, ...exact(26) } },
        run: { size: 28 },
      },
      // Lines of an exact height: pages break at the same places whatever font stands in for a missing one.
      {
        id: 'TableText',
        name: 'Table text',
        basedOn: 'Normal',
        run: { size: size.table },
        paragraph: { spacing: exact(16) },
      },
      { id: 'TableHead', name: 'Table head', basedOn: 'TableText', run: { font: hei } },
      {
        id: 'SignatureLine',
        name: 'Signature line',
        basedOn: 'TableText',
        paragraph: { spacing: { before: 300, ...exact(16) } },
      },
      {
        id: 'AfterTable',
        name: 'After table',
        basedOn: 'Normal',
        run: { size: 12 },
        paragraph: { spacing: exact(10) },
      },
      {
        id: 'Figure',
        name: 'Figure',
        basedOn: 'Normal',
        paragraph: { alignment: AlignmentType.CENTER, spacing: { before: 120 } },
      },
      {
        id: 'Small',
        name: 'Small print',
        basedOn: 'Normal',
        run: { size: size.small, color: '404040' },
        paragraph: { spacing: exact(14) },
      },
      { id: 'TOC1', name: 'toc 1', basedOn: 'Normal', run: { size: 26 }, paragraph: { spacing: exact(23) } },
      {
        id: 'TOC2',
        name: 'toc 2',
        basedOn: 'Normal',
        run: { size: 22 },
        paragraph: { spacing: exact(20), indent: { left: 420 } },
      },
      {
        id: 'TOC3',
        name: 'toc 3',
        basedOn: 'Normal',
        run: { size: 22 },
        paragraph: { spacing: exact(20), indent: { left: 840 } },
      },
      {
        id: 'Caption',
        name: 'caption',
        basedOn: 'Normal',
        run: { size: size.small, color: '404040' },
        paragraph: { alignment: AlignmentType.CENTER, spacing: { before: 40, after: 160, ...exact(14) } },
      },
    ],
  };
}

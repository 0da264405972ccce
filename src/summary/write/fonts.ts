import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Noto Sans SC as TrueType files from its package: one face a file, which is what a PDF can embed. */
export const fontFiles = {
  regular: require.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  bold: require.resolve('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'),
};

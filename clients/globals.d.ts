/** What the build defines: folder (with base and version) of pdf.js's cMaps, fonts and decoders. */
declare const __PDF_ASSETS__: string;

/** The worker of pdf.js, with the stream iterator that Safari lacks put in first. */
import "./stream-iter.ts";
import "pdfjs-dist/legacy/build/pdf.worker.mjs";

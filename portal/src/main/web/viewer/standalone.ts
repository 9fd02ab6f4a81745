/** The viewer as one classic script, for pages of any other system and for files on a disk: no server, no second file. */
import 'pdfjs-dist/build/pdf.worker.mjs';
import { define } from './element';

define();

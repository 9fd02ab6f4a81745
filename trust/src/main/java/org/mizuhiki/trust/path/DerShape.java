package org.mizuhiki.trust.path;

/// Looks at DER before any parser does, without recursion: definite lengths inside their parent, bounded
/// depth, bounded number of elements, one element and nothing after it. Nesting that overflows a parser's
/// stack and lengths of gigabytes stop here.
final class DerShape {
    private static final int CONSTRUCTED = 0x20;
    private static final int LONG_TAG = 0x1f;

    private final byte[] der;
    private int at;

    private DerShape(byte... der) {
        this.der = der;
    }

    /// @param deepest levels of constructed elements
    /// @param most elements at all
    static boolean isFit(byte[] der, int deepest, int most) {
        return new DerShape(der).walk(deepest, most);
    }

    private boolean walk(int deepest, int most) {
        var ends = new int[deepest + 1];
        ends[0] = der.length;
        int depth = 0;
        for (int elements = 0; at < der.length; elements++) {
            if (elements >= most || (elements > 0 && depth == 0)) {
                return false; // too many, or something after the one element
            }
            boolean constructed = (der[at] & CONSTRUCTED) != 0;
            int length = header(ends[depth]);
            if (length < 0) {
                return false;
            }
            if (!constructed) {
                at += length;
            } else if (++depth > deepest) {
                return false;
            } else {
                ends[depth] = at + length;
            }
            while (depth > 0 && at == ends[depth]) {
                depth--;
            }
        }
        return der.length > 0 && depth == 0;
    }

    /// Reads tag and length.
    ///
    /// @return the length of the content, or less than zero if it does not fit before `end`
    private int header(int end) {
        if ((der[at++] & LONG_TAG) == LONG_TAG) {
            return -1; // no structure of X.509 has such a tag
        }
        if (at >= end) {
            return -1;
        }
        int first = der[at++] & 0xff;
        if (first < 0x80) {
            return first <= end - at ? first : -1;
        }
        int bytes = first & 0x7f;
        if (bytes == 0 || bytes > 4 || bytes > end - at) {
            return -1; // indefinite, or larger than any file of ours
        }
        long length = 0;
        for (int i = 0; i < bytes; i++) {
            length = (length << 8) | (der[at++] & 0xff);
        }
        return length <= end - at ? (int) length : -1;
    }
}

package org.mizuhiki.lab;

import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Cidr;

/// A site of the lab: a router, and a host in its network.
///
/// @param name      one lower case letter and more, short: it goes into names of namespaces
/// @param number    tells it from the others, 1 to 99
/// @param provider  1 or 2
/// @param behindNat between it and its provider stands a router that translates addresses
/// @param network   its private network; two sites may have the same
public record Site(String name, int number, int provider, boolean behindNat, Cidr network) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,7}");

    public Site {
        if (!NAME.matcher(name).matches() || number < 1 || number > 99 || provider < 1 || provider > 2) {
            throw Refusal.of(
                    "lab-not-valid",
                    "ラボの記録 lab.tsv を読めません。そのフォルダーを消してやり直してください",
                    "The lab's record lab.tsv cannot be read; delete its folder and begin anew");
        }
    }

    String line() {
        return String.join("\t", name, "" + number, "" + provider, behindNat ? "nat" : "open", network.toString());
    }

    static Site read(String line) {
        var c = line.split("\t", -1);
        return new Site(c[0], Integer.parseInt(c[1]), Integer.parseInt(c[2]), c[3].equals("nat"), Cidr.of(c[4]));
    }
}

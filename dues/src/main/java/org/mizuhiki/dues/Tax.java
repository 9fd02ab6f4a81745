package org.mizuhiki.dues;

import org.mizuhiki.house.Refusal;

/// A rate of consumption tax. Nothing is known of rates here: each plan says its own, so that a rate that
/// changes is another plan.
///
/// @param percent 0 (outside of the tax, such as membership fees) to 30
/// @param reduced whether it is the reduced rate, which an invoice has to mark
public record Tax(int percent, boolean reduced) implements Comparable<Tax> {
    /// @throws Refusal `tax-malformed`
    public Tax {
        if (percent < 0 || percent > 30 || (reduced && percent == 0)) {
            throw Refusal.of("tax-malformed", "税率は0から30までの整数です", "A tax rate is a whole number from 0 to 30");
        }
    }

    /// Of the sum of all lines at this rate, rounded down to whole yen. Called once for each rate and
    /// invoice: lines are never rounded by themselves (消費税法施行令第70条の10).
    public long of(long net) {
        return net * percent / 100; // towards zero: a credit note takes back exactly what was charged
    }

    public String japanese() {
        return percent == 0 ? "対象外" : percent + "%対象" + (reduced ? "（軽減税率）" : "");
    }

    @Override
    public int compareTo(Tax other) {
        int byPercent = Integer.compare(other.percent, percent);
        return byPercent != 0 ? byPercent : Boolean.compare(reduced, other.reduced);
    }
}

package org.mizuhiki.dues;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Measure;

/// What a month costs, in yen without tax.
///
/// @param name for operators, such as `clinic-2026`
/// @param title as it stands on the invoice
/// @param base yen a month
/// @param tax on the base
/// @param prices of what is used, each measure at most once
/// @param open whether members may choose it by themselves
public record Plan(String name, String title, long base, Tax tax, List<Price> prices, boolean open) {
    static final long MOST_YEN = 100_000_000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    /// For what was used beyond what the base includes; each begun `per` costs `yen`.
    public record Price(Measure measure, long included, long per, long yen, Tax tax) {
        /// @throws Refusal `plan-malformed`
        public Price {
            if (included < 0 || per < 1 || yen < 0 || yen > MOST_YEN) {
                throw malformed();
            }
        }

        /// How often the price is due.
        long units(long used) {
            return used <= included ? 0 : Math.ceilDiv(used - included, per);
        }
    }

    /// @throws Refusal `plan-malformed`, `text-malformed`
    public Plan {
        prices = List.copyOf(prices);
        Words.needed(40, title);
        boolean twice = prices.stream().map(Price::measure).distinct().count() != prices.size();
        if (!NAME.matcher(name).matches() || base < 0 || base > MOST_YEN || twice) {
            throw malformed();
        }
    }

    /// The lines of one month.
    ///
    /// @throws Refusal `amount-too-large` beyond what is believable: somebody should look before it is sent
    List<Invoice.Line> lines(ToLongFunction<Measure> used) {
        var lines = new ArrayList<Invoice.Line>();
        lines.add(new Invoice.Line(title + " 基本料", Optional.empty(), 0, 1, base, base, tax));
        for (var price : prices) {
            long amount = used.applyAsLong(price.measure());
            long units = price.units(amount);
            lines.add(new Invoice.Line(
                    price.measure().japanese(),
                    Optional.of(price.measure()),
                    amount,
                    units,
                    price.yen(),
                    yen(units, price.yen()),
                    price.tax()));
        }
        return lines;
    }

    private static long yen(long units, long each) {
        if (each > 0 && units > MOST_YEN / each) {
            throw Refusal.of(
                    "amount-too-large",
                    "利用料が1億円を超えます。利用数と料金を確かめてください",
                    "A line is beyond a hundred million yen; look at the usage and at the price");
        }
        return units * each;
    }

    static Refusal malformed() {
        return Refusal.of(
                "plan-malformed",
                "料金プランが正しくありません。名前は英小文字・数字・ハイフン、金額は1億円までの整数、" + "従量は letters=含む数/単位/円 の形です",
                "The plan is malformed: a name of lower case letters, digits and hyphens, whole yen up to a hundred"
                        + " million, and prices such as letters=INCLUDED/PER/YEN");
    }
}

package org.mizuhiki.dues;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;

/// What was used in a month, what was charged for it, and what it cost to run.
///
/// @param complete whether nothing more will come
/// @param invoices credit notes among them
/// @param costs yen
public record MonthReport(
        Month month,
        boolean complete,
        List<Account> accounts,
        Map<InstitutionCode, Map<Measure, Long>> used,
        List<Invoice> invoices,
        List<Cost> costs) {
    public MonthReport {
        accounts = List.copyOf(accounts);
        used = Map.copyOf(used);
        invoices = List.copyOf(invoices);
        costs = List.copyOf(costs);
    }

    /// @param yen with tax, as it was paid
    public record Cost(String what, long yen) {}

    /// Yen without tax that were charged, less what was taken back.
    public long charged() {
        return invoices.stream().mapToLong(Invoice::net).sum();
    }

    public long cost() {
        return costs.stream().mapToLong(Cost::yen).sum();
    }

    public long used(Measure measure) {
        return used.values().stream()
                .mapToLong(one -> one.getOrDefault(measure, 0L))
                .sum();
    }

    /// One row for each institution, whether it has an account or not; then the sums, costs, and what one
    /// letter cost.
    public Bytes csv() {
        var csv = new Csv();
        csv.row("月", month, complete ? "確定" : "暫定（月の途中、または未集計のサーバーあり）");
        var head = new ArrayList<Object>(List.of("医療機関コード", "名称", "プラン"));
        Arrays.stream(Measure.values()).map(Measure::japanese).forEach(head::add);
        head.add("請求額（税抜・円）");
        csv.row(head);
        for (var institution : institutions()) {
            csv.row(row(institution));
        }
        var sum = new ArrayList<Object>(List.of("合計", "", ""));
        Arrays.stream(Measure.values()).map(this::used).forEach(sum::add);
        sum.add(charged());
        csv.row(sum);
        csv.row("");
        csv.row("費用", "円");
        costs.forEach(cost -> csv.row(cost.what(), cost.yen()));
        csv.row("費用合計", cost());
        csv.row("収支（請求額−費用）", charged() - cost());
        long letters = used(Measure.LETTERS);
        if (letters > 0) {
            csv.row("紹介状・文書1通あたりの費用", Math.ceilDiv(cost(), letters));
        }
        return csv.bytes();
    }

    private List<InstitutionCode> institutions() {
        var all = new TreeSet<>(used.keySet());
        accounts.stream().map(Account::institution).forEach(all::add);
        return List.copyOf(all);
    }

    private List<Object> row(InstitutionCode institution) {
        var account = accounts.stream()
                .filter(a -> a.institution().equals(institution))
                .findFirst();
        var row = new ArrayList<Object>(List.of(
                institution.value(),
                account.map(Account::name).orElse("（口座なし）"),
                account.map(Account::plan).orElse("")));
        var amounts = used.getOrDefault(institution, Map.<Measure, Long>of());
        Arrays.stream(Measure.values()).map(m -> amounts.getOrDefault(m, 0L)).forEach(row::add);
        row.add(invoices.stream()
                .filter(i -> i.institution().equals(institution))
                .mapToLong(Invoice::net)
                .sum());
        return row;
    }
}

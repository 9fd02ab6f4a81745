package org.mizuhiki.bench;

import java.util.List;

/// One comparison, run by `./mizuhiki bench [NAME]`: measures its subject and its baseline in turn, in the
/// same run, on the same machine.
public interface Benchmark {
    /// As given on the command line, such as `seal`.
    String name();

    List<Row> run() throws Exception;

    /// @param what the measured thing, with its unit, such as `seal 64 KiB segments, GB/s`
    /// @param value the median
    /// @param baseline what it is compared with, or empty when the row only reports
    /// @param ratio value divided by the baseline's; above 1 is better than the baseline; NaN without
    /// baseline
    record Row(String what, double value, String baseline, double baselineValue, double ratio) {}
}

package org.mizuhiki.apps.command;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Set;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Temporary;
import picocli.CommandLine;

/// How commands end. Part of the contract with programs; docs/flows/letter.md repeats it.
public final class Exit {
    /// Done.
    public static final int OK = 0;
    /// A clear "no"; its code is printed.
    public static final int REFUSED = 1;
    /// Wrong options or arguments.
    public static final int USAGE = 2;
    /// A server is away or busy: the same command may succeed later.
    public static final int UNREACHABLE = 3;
    /// A fault of this program.
    public static final int INTERNAL = 70;

    static final String CODES = "%n終了コード / exit codes: 0 完了 ok · 1 拒否 refused (code printed) · 2 使い方の誤り usage · "
            + "3 サーバに届かない unreachable · 70 内部エラー internal";

    private static final Set<String> USAGE_CODES =
            Set.of("option-missing", "option-malformed", "argument-missing", "argument-malformed");

    private Exit() {}

    /// A refusal as programs read it with `--json`.
    ///
    /// @param refused the stable code
    public record Refused(String refused, String japanese, String english) {}

    /// Makes every command below `line` end this way: no stack traces for users, refusals in both
    /// languages.
    public static CommandLine prepare(CommandLine line) {
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(
                        (exception, command, _) -> told(exception, command.getErr(), wantsJson(command)))
                .setParameterExceptionHandler((exception, _) -> misused(exception));
    }

    /// picocli says in English what was typed wrongly; what kind of mistake it was, in Japanese, stands
    /// before it.
    private static int misused(CommandLine.ParameterException exception) {
        var err = exception.getCommandLine().getErr();
        var kind = switch (exception) {
            case CommandLine.MissingParameterException _ -> "必要な引数がありません";
            case CommandLine.UnmatchedArgumentException _ -> "このコマンドにない引数です";
            case CommandLine.MutuallyExclusiveArgsException _ -> "同時に指定できない引数です";
            case CommandLine.OverwrittenOptionException _ -> "同じ引数が2回指定されています";
            default -> "引数が正しくありません";
        };
        err.println(kind + " / " + exception.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(exception, err);
        exception.getCommandLine().usage(err);
        err.flush();
        return USAGE;
    }

    /// Tells the user what went wrong.
    ///
    /// @return the exit code
    public static int told(Exception exception, PrintWriter err, boolean json) {
        if (exception instanceof Refusal refusal) {
            tell(refusal, err, json);
            return code(refusal);
        }
        if (exception instanceof java.nio.file.FileSystemException file) {
            tell(unreadable(file), err, json);
            return REFUSED;
        }
        if (exception.getCause() instanceof java.nio.file.FileSystemException file) {
            tell(unreadable(file), err, json);
            return REFUSED;
        }
        tell(internal(exception), err, json);
        return INTERNAL;
    }

    static int code(Refusal refusal) {
        if (USAGE_CODES.contains(refusal.code())) {
            return USAGE;
        }
        return Temporary.is(refusal) ? UNREACHABLE : REFUSED;
    }

    static void tell(Refusal refusal, PrintWriter err, boolean json) {
        if (json) {
            err.println(Json.write(new Refused(refusal.code(), refusal.japanese(), refusal.english()))
                    .asUtf8());
        } else {
            err.println(refusal.japanese());
            err.println(refusal.english());
            err.println("code: " + refusal.code());
        }
        err.flush();
    }

    /// The person named the file on this machine, so it may be told to them.
    private static Refusal unreadable(java.nio.file.FileSystemException exception) {
        return Refusal.of(
                "file-unreadable",
                "ファイルを読み書きできません: " + exception.getFile(),
                "A file cannot be read or written: " + exception.getFile());
    }

    /// The kind of the fault only: a message could quote content.
    private static Refusal internal(Exception exception) {
        var kind = exception.getClass().getSimpleName();
        return Refusal.of(
                "internal-error",
                "内部エラーが起きました（" + kind + "）。開発者に報告してください",
                "An internal error occurred (" + kind + "); please report it");
    }

    private static boolean wantsJson(CommandLine command) {
        var options = new LinkedHashMap<String, Object>();
        command.getCommandSpec().options().forEach(o -> options.put(o.longestName(), o.getValue()));
        return Boolean.TRUE.equals(options.get("--json"));
    }
}

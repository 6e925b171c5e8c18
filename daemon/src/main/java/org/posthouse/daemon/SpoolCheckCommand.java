package org.posthouse.daemon;

import org.posthouse.spool.SpoolCheck;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.Optional;

/** {@code posthouse spool check}. */
@Command(
        name = "check",
        description = {
            "Read and verify a whole spool.",
            "Exit codes: 0 all is well, 65 something is damaged, 66 there is no spool, 69 it can't"
                    + " be read."
        },
        mixinStandardHelpOptions = true)
final class SpoolCheckCommand extends SpoolReader {
    /** Damage of any kind. */
    static final String DAMAGED = "PH-S015";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "The spool, or the data folder around it.")
    private Optional<Path> directory = Optional.empty();

    @Option(names = "--json", description = "Tell it as one JSON object.")
    private boolean json;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    SpoolCheckCommand() {}

    @Override
    Optional<Path> directory() {
        return directory;
    }

    @Override
    int read(Source source) {
        SpoolCheck check = source.inspector().check(source.progress());
        source.progress().close();
        String holder = source.inspector().holder().orElse("");
        if (json) {
            out().println(SpoolJson.check(source.directory(), holder, check));
        } else {
            out().print(CheckText.of(source.directory(), holder, check));
        }
        out().flush();
        return check.isFine() ? Exit.OK : Exit.DATA;
    }
}

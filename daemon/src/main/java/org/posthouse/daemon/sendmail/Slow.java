package org.posthouse.daemon.sendmail;

import org.posthouse.daemon.config.Configuration;

import java.nio.file.Path;
import java.util.Map;

/** What needs the whole program, in a class of its own so that it is loaded only then. */
final class Slow {
    static final Sendmail.Commands COMMANDS = new Whole();

    private Slow() {}

    /** The data folder of a configuration. */
    static Path dataOf(Path config, Map<String, String> environment) {
        return Configuration.dataOf(config, environment);
    }

    private static final class Whole implements Sendmail.Commands {
        @Override
        public int run(String... words) {
            return org.posthouse.daemon.Main.run(words);
        }
    }
}

package org.posthouse.daemon.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Fuzz targets for the files of a configuration: whatever they hold, it is told. */
final class ConfigFuzz {
    private ConfigFuzz() {}

    /** The configuration itself. */
    static final class Files {
        private Files() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            String text = new String(octets, StandardCharsets.UTF_8);
            Loaded loaded = Loaded.check("posthouse.toml", text, Path.of("/nowhere"), Map.of());
            if (loaded.errors() > 0 == loaded.report().isEmpty()) {
                throw new IllegalStateException("errors without words");
            }
        }
    }

    /** Users, recipients and aliases. */
    static final class Lists {
        private Lists() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            String text = new String(octets, StandardCharsets.UTF_8);
            var source = new SourceText(text);
            var context = new Context(Path.of("/nowhere"), Map.of(), source);
            UsersFile users = UsersFile.parse(text, context);
            AliasesFile aliases = AliasesFile.parse(source, context);
            RecipientsFile recipients = RecipientsFile.parse(source, context);
            String report = new Report("list", UsersFile.hidden(text)).render(context.problems());
            if (users.check("", "") || aliases.catchAll("").size() > octets.length) {
                throw new IllegalStateException(report + recipients);
            }
        }
    }
}

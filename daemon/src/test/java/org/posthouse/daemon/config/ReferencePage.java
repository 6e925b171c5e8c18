package org.posthouse.daemon.config;

import java.util.List;

/** {@code docs/configuration.md}, made from the model. */
final class ReferencePage {
    private static final String HEAD =
            """
            # The configuration file

            `posthouse run --config posthouse.toml` reads one file in [TOML](https://toml.io). `posthouse check --config
            posthouse.toml` says all that is wrong with it at once, each with its line, and exits with 78 if anything is.
            Nothing in it is ignored: a key that does not exist, does nothing where it stands, or is not built yet is an error.

            This page is made from the declared model that the reader itself works by, and a test keeps the two together.

            ## Values

            | Form | Written as |
            | --- | --- |
            | duration | an integer and `ms`, `s`, `m`, `h` or `d`: `"500ms"`, `"5m"`, `"5d"` |
            | size | a number of octets, or an integer and `kB`, `MB`, `GB` (powers of 1000), `KiB`, `MiB`, `GiB` (of 1024): `"50MB"` |
            | address and port | `"0.0.0.0:25"`, `"[::]:25"`, `"127.0.0.1"` with the default port |
            | network | `"10.20.0.0/16"`, `"2001:db8::/32"`, or one address |
            | address pattern | `"*"`, `"*@domain"`, `"*@*.domain"` (sub-domains only) or `"user@domain"` |
            | path | relative ones start at the folder of the configuration file |
            | `file:PATH`, `cred:NAME` | a file; one of the folder of systemd's credentials (`$CREDENTIALS_DIRECTORY`) |
            | secret | never the secret itself: `"env:NAME"` for an environment variable, `"file:PATH"` or `"cred:NAME"` |

            """;
    private static final String TAIL =
            """
            ## Files that are named

            **Recipients**, one address a line, `#` begins a comment. `ada@shop.example` covers `ada+anything@shop.example` too;
            postmaster is always known; letters count as the same in either case.

            **Users** in lines of Dovecot's passwd-file, `#` begins a comment line:

                app:{PLAIN}secret
                ada:{BLF-CRYPT}$2y$05$...
                bob:{ARGON2ID}$argon2id$v=19$m=65536,t=2,p=1$...
                eve:{PBKDF2}$1$salt$5000$...
                dan:{SCRAM-SHA-256}4096,salt,stored key,server key

            ## Known, but not built yet

            These belong to later versions and are refused with `PH-C018` until then: the sections %s.
            """;

    private ReferencePage() {}

    static String text() {
        var text = new StringBuilder(HEAD).append("## Settings\n");
        for (Section section : Model.SECTIONS) {
            if (section.built()) {
                section(section, text);
            }
            if (section.equals(OutboundKeys.ROUTE)) {
                section(HostKeys.SECTION, text);
                section(SourceKeys.SECTION, text);
                section(OutLoginKeys.SECTION, text);
            }
            if (section.equals(ExpectKeys.EXPECT)) {
                section(ExpectKeys.ASK_SECTION, text);
                section(ExpectKeys.ANSWER_SECTION, text);
            }
        }
        List<String> sections =
                Model.SECTIONS.stream()
                        .filter(section -> !section.built())
                        .map(section -> "`" + section.header() + "`")
                        .toList();
        return text.append('\n').append(TAIL.formatted(String.join(", ", sections))).toString();
    }

    private static void section(Section section, StringBuilder text) {
        String header =
                section.header().isEmpty() ? "Top of the file" : "`" + section.header() + "`";
        text.append("\n### ").append(header).append("\n\n").append(section.doc()).append("\n\n");
        text.append("| Key | Value | Default | |\n| --- | --- | --- | --- |\n");
        for (Key<?> key : section.keys()) {
            text.append("| `")
                    .append(key.name())
                    .append("` | ")
                    .append(key.type().form())
                    .append(" | ")
                    .append(key.fallback())
                    .append(" | ")
                    .append(key.doc())
                    .append(" |\n");
        }
    }
}

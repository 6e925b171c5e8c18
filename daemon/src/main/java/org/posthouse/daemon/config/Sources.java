package org.posthouse.daemon.config;

import org.posthouse.jwt.KeySet;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Values that stand somewhere else: {@code file:PATH}, {@code cred:NAME} (a file in the folder of
 * systemd's credentials) and, for secrets, {@code env:NAME}.
 */
final class Sources {
    static final ValueType<Path> FILE =
            new ValueType<>("`file:PATH` or `cred:NAME`", Sources::readableFile);
    static final ValueType<String> SECRET =
            new ValueType<>("`env:NAME`, `file:PATH` or `cred:NAME`", Sources::secret);

    static final ValueType<KeySet> KEYS =
            new ValueType<>("`https://…`, `file:PATH` or `cred:NAME`", Sources::keys);

    private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";
    private static final int SECRET_OCTETS_MAX = 64 * 1024;

    private Sources() {}

    private static Optional<Path> readableFile(RawValue raw) {
        Optional<Path> file = file(raw);
        if (file.isEmpty()) {
            return raw.wrong(
                    "`file:` and a path, or `cred:` and a name", "such as \"file:mail.pem\"");
        }
        if (!Files.isRegularFile(file.get()) || !Files.isReadable(file.get())) {
            raw.context()
                    .add(
                            raw.span(),
                            Codes.UNREADABLE,
                            "the file of `" + raw.key() + "` can't be read",
                            "there is no readable file " + file.get());
            return Optional.empty();
        }
        return file;
    }

    private static Optional<KeySet> keys(RawValue raw) {
        String text = String.valueOf(raw.text());
        try {
            if (text.startsWith("https:") || text.startsWith("http:")) {
                return Optional.of(KeySet.at(URI.create(text)));
            }
            if (!text.startsWith("file:") && !text.startsWith("cred:")) {
                return raw.wrong(
                        "an https address, or `file:` and a path",
                        "such as \"https://login.shop.example/keys\"");
            }
            Optional<Path> file = readableFile(raw);
            return file.isEmpty() ? Optional.empty() : Optional.of(KeySet.inFile(file.get()));
        } catch (IllegalArgumentException | IOException e) {
            raw.context()
                    .add(
                            raw.span(),
                            Codes.KEY_SET,
                            "these are no keys to check tokens with",
                            String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<String> secret(RawValue raw) {
        String text = String.valueOf(raw.text());
        if (text.startsWith("env:")) {
            String name = text.substring("env:".length());
            String value = raw.context().environment(name);
            return value.isEmpty()
                    ? missing(raw, "the environment variable " + name + " is not set")
                    : Optional.of(value);
        }
        Optional<Path> file = file(raw);
        if (file.isEmpty()) {
            return missing(raw, "say where it is: \"env:NAME\", \"file:PATH\" or \"cred:NAME\"");
        }
        return contentOf(file.get(), raw);
    }

    private static Optional<String> contentOf(Path file, RawValue raw) {
        try {
            if (Files.size(file) > SECRET_OCTETS_MAX) {
                return missing(raw, "the file " + file + " is too long for a secret");
            }
            String value = Files.readString(file, StandardCharsets.UTF_8).strip();
            return value.isEmpty()
                    ? missing(raw, "the file " + file + " is empty")
                    : Optional.of(value);
        } catch (IOException e) {
            return missing(raw, "there is no readable file " + file);
        }
    }

    private static Optional<String> missing(RawValue raw, String note) {
        String title = "there is no secret for `" + raw.key() + "`";
        raw.context().add(raw.span(), Codes.SECRET, title, note);
        return Optional.empty();
    }

    /** The path behind {@code file:} or {@code cred:}; empty for any other text. */
    private static Optional<Path> file(RawValue raw) {
        String text = String.valueOf(raw.text());
        if (text.startsWith("file:") && text.length() > "file:".length()) {
            return Optional.of(raw.context().resolve(text.substring("file:".length())));
        }
        String folder = raw.context().environment(CREDENTIALS);
        String name = text.startsWith("cred:") ? text.substring("cred:".length()) : "";
        boolean plain = !name.isEmpty() && name.indexOf('/') < 0 && !name.startsWith(".");
        return plain && !folder.isEmpty() ? Optional.of(Path.of(folder, name)) : Optional.empty();
    }
}

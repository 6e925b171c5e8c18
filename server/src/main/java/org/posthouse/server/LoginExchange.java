package org.posthouse.server;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** LOGIN (draft-murchison-sasl-login): asks for the name, then for the password. */
final class LoginExchange implements SaslExchange {
    private static final Step ASK_NAME = challenge("Username:");
    private static final Step ASK_PASSWORD = challenge("Password:");

    private Optional<String> login = Optional.empty();

    @Override
    public Step begin() {
        return ASK_NAME;
    }

    @Override
    public Step answer(byte[] response) {
        Optional<String> text = Utf8.decode(response, 0, response.length);
        if (text.isEmpty() || text.get().indexOf('\0') >= 0) {
            return new Step.Broken();
        }
        if (login.isEmpty()) {
            login = text;
            return ASK_PASSWORD;
        }
        if (login.get().isEmpty() || text.get().isEmpty()) {
            return new Step.Refused(login.get());
        }
        return new Step.Check(new Credentials(login.get(), text.get()));
    }

    private static Step challenge(String words) {
        return new Step.Challenge(words.getBytes(StandardCharsets.US_ASCII));
    }
}

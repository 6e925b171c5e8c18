package org.posthouse.server;

import org.posthouse.core.Saslprep;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * OAUTHBEARER (RFC 7628) and XOAUTH2, its forerunner: one answer with a bearer token (RFC 6750).
 *
 * <pre>
 * OAUTHBEARER   gs2-header ^A key=value ^A ... auth=Bearer TOKEN ^A ^A     gs2-header: n,a=LOGIN, or n,,
 * XOAUTH2       user=LOGIN ^A auth=Bearer TOKEN ^A ^A
 * </pre>
 *
 * <p>A token that is no good gets a challenge that says so, whose answer says nothing, before the
 * exchange fails (RFC 7628 section 3.2.3).
 */
final class TokenExchange implements SaslExchange {
    private static final String SEPARATOR = "\u0001";
    private static final String END = SEPARATOR + SEPARATOR;
    private static final String SCHEME = "bearer ";

    private final boolean isStandard;

    /**
     * Makes an exchange.
     *
     * @param isStandard OAUTHBEARER, else XOAUTH2
     */
    TokenExchange(boolean isStandard) {
        this.isStandard = isStandard;
    }

    @Override
    public Step begin() {
        return new Step.Challenge(new byte[0]);
    }

    @Override
    public Step answer(byte[] response) {
        String text = Utf8.decode(response, 0, response.length).orElse("");
        int header = text.indexOf(SEPARATOR);
        if (header < 0 || !text.endsWith(END) || text.indexOf('\0') >= 0) {
            return new Step.Broken();
        }
        String first = text.substring(0, header);
        Optional<String> login = isStandard ? authzid(first) : user(first);
        Optional<String> token = token(text.substring(header, text.length() - 1));
        return login.isEmpty() || token.isEmpty()
                ? new Step.Broken()
                : new Step.CheckToken(login.get(), token.get(), failure());
    }

    /** Of {@code n,a=LOGIN,} or {@code n,,}: empty when the token alone says who it is. */
    private static Optional<String> authzid(String gs2Header) {
        String[] parts = gs2Header.split(",", -1);
        boolean isHeader = parts.length == 3 && parts[2].isEmpty();
        if (!isHeader || !(parts[0].equals("n") || parts[0].equals("y"))) {
            return Optional.empty();
        }
        if (parts[1].isEmpty()) {
            return Optional.of("");
        }
        return parts[1].startsWith("a=") ? Saslprep.name(parts[1].substring(2)) : Optional.empty();
    }

    private static Optional<String> user(String first) {
        return first.startsWith("user=") && first.length() > "user=".length()
                ? Optional.of(first.substring("user=".length()))
                : Optional.empty();
    }

    /** Of pairs, each behind a separator; the last one ends with one, too. */
    private static Optional<String> token(String pairs) {
        Optional<String> token = Optional.empty();
        for (String pair : pairs.substring(1).split(SEPARATOR, -1)) {
            boolean isAuth = pair.startsWith("auth=");
            if (isAuth && token.isPresent()) {
                return Optional.empty();
            }
            if (isAuth) {
                token = bearer(pair.substring("auth=".length()));
                if (token.isEmpty()) {
                    return Optional.empty();
                }
            }
        }
        return token;
    }

    private static Optional<String> bearer(String value) {
        boolean isBearer =
                value.length() > SCHEME.length()
                        && value.substring(0, SCHEME.length())
                                .toLowerCase(Locale.ROOT)
                                .equals(SCHEME);
        String token = isBearer ? value.substring(SCHEME.length()).strip() : "";
        boolean isToken = token.chars().allMatch(c -> c > ' ' && c < 127);
        return isToken && !token.isEmpty() ? Optional.of(token) : Optional.empty();
    }

    private byte[] failure() {
        String status = isStandard ? "invalid_token" : "401";
        String schemes = isStandard ? "" : ",\"schemes\":\"bearer\"";
        return ("{\"status\":\"" + status + "\"" + schemes + "}")
                .getBytes(StandardCharsets.US_ASCII);
    }
}

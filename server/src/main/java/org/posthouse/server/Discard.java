package org.posthouse.server;

import org.posthouse.core.Command;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Notify;
import org.posthouse.core.Ret;
import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Keywords of EHLO that some clients are not told of, since they can't cope with them. What is not
 * offered is not accepted either.
 *
 * @param clients networks
 * @param keywords such as {@code CHUNKING}, in upper case
 * @since 0.1
 */
public record Discard(List<IpNetwork> clients, List<String> keywords) {
    static final String REQUIRETLS = "REQUIRETLS";
    private static final String CHUNKING = "CHUNKING";
    private static final String BINARYMIME = "BINARYMIME";

    /** Copies the lists; keywords come in any case. */
    public Discard {
        clients = List.copyOf(clients);
        keywords = keywords.stream().map(k -> k.toUpperCase(Locale.ROOT)).toList();
    }

    /** The keywords that are not for this client. */
    static List<String> of(List<Discard> all, IpAddress client) {
        if (all.isEmpty()) {
            return List.of();
        }
        var keywords = new ArrayList<String>();
        for (Discard each : all) {
            if (each.clients.stream().anyMatch(network -> network.contains(client))) {
                keywords.addAll(each.keywords);
            }
        }
        return List.copyOf(keywords);
    }

    /** The keywords that a command needs. */
    static List<String> neededBy(Command command) {
        return switch (command) {
            case Command.Bdat b -> List.of(CHUNKING);
            case Command.StartTls s -> List.of("STARTTLS");
            case Command.Auth a -> List.of("AUTH");
            case Command.Mail m -> neededBy(m.options());
            case Command.Rcpt r
                    when !r.recipient().notifyOn().equals(Notify.UNSPECIFIED)
                            || !r.recipient().originalRecipient().isEmpty() ->
                    List.of("DSN");
            case Command.Malformed m when m.verb().equals("BDAT") -> List.of(CHUNKING);
            case Command.Malformed m when m.verb().equals("STARTTLS") -> List.of("STARTTLS");
            case Command.Malformed m when m.verb().equals("AUTH") -> List.of("AUTH");
            case Command.Rcpt r -> List.of();
            case Command.Malformed m -> List.of();
            case Command.Helo h -> List.of();
            case Command.Ehlo e -> List.of();
            case Command.Lhlo l -> List.of();
            case Command.Data d -> List.of();
            case Command.Rset r -> List.of();
            case Command.Noop n -> List.of();
            case Command.Help h -> List.of();
            case Command.Vrfy v -> List.of();
            case Command.Expn e -> List.of();
            case Command.Quit q -> List.of();
            case Command.Unknown u -> List.of();
        };
    }

    private static List<String> neededBy(MailOptions options) {
        var keywords = new ArrayList<String>();
        if (options.smtpUtf8()) {
            keywords.add("SMTPUTF8");
        }
        if (options.declaredOctets() > 0) {
            keywords.add("SIZE");
        }
        if (!options.auth().isEmpty()) {
            keywords.add("AUTH");
        }
        switch (options.body()) {
            case SEVEN_BIT -> {}
            case EIGHT_BIT_MIME -> keywords.add("8BITMIME");
            case BINARY_MIME -> keywords.addAll(List.of(BINARYMIME, CHUNKING));
        }
        if (options.requireTls()) {
            keywords.add(REQUIRETLS);
        }
        if (options.ret() != Ret.UNSPECIFIED || !options.envelopeId().isEmpty()) {
            keywords.add("DSN");
        }
        return keywords;
    }

    /**
     * The lines of a reply to EHLO without these keywords. BINARYMIME needs CHUNKING (RFC 3030
     * section 3).
     */
    static List<String> without(List<String> keywords, List<String> lines) {
        var left = new ArrayList<String>();
        left.add(lines.getFirst());
        for (String line : lines.subList(1, lines.size())) {
            String keyword = line.split(" ", 2)[0];
            boolean isBare = keyword.equals(BINARYMIME) && keywords.contains(CHUNKING);
            if (!isBare && !keywords.contains(keyword)) {
                left.add(line);
            }
        }
        return left;
    }
}

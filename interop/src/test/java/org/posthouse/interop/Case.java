package org.posthouse.interop;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * One story of the hostile internet: a domain of its own with its zone and its hosts, the mail that
 * goes there, and what has to come of it.
 *
 * <p>Without a zone, the hosts are exchangers {@code mx1}, {@code mx2}, … in the order given, each
 * with a higher preference value than the one before. In zones and routes, {@code {1}} stands for
 * the address of the first host, {@code {port}} for the port of all hosts, {@code {listener}} for
 * the daemon's own.
 */
final class Case {
    private static final String SENDERS = "shop.example";

    private final String name;
    private final List<String> zone = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private final List<String> recipients = new ArrayList<>(List.of("ada"));
    private final List<String> route = new ArrayList<>();
    private final List<Consumer<Evidence>> checks = new ArrayList<>();
    private String root = "in.test";
    private String parameters = "";
    private String content = "Subject: hello\r\n\r\nhello\r\n.\r\n..bye\r\n";
    private String from;
    private int times = 1;
    private boolean ambiguous;

    private Case(String name) {
        this.name = name;
        from = name + "@" + SENDERS;
    }

    /** Where mail may be sent to. */
    sealed interface Peer {
        /** A host that listens. */
        record Listening(String address, List<HostScript.Rule> rules) implements Peer {}

        /** Nobody listens there. */
        record Nobody() implements Peer {}

        /** Nothing comes back from there. */
        record BlackHole() implements Peer {}
    }

    /** A story of this name, which is also the first label of its domain. */
    static Case a(String name) {
        return new Case(name);
    }

    // What is there.

    Case zone(String... lines) {
        zone.addAll(List.of(lines));
        return this;
    }

    Case host(HostScript.Rule... rules) {
        return hostAt("", rules);
    }

    /** A host with this address instead of one of its own. */
    Case hostAt(String address, HostScript.Rule... rules) {
        peers.add(new Peer.Listening(address, List.of(rules)));
        return this;
    }

    Case nobody() {
        peers.add(new Peer.Nobody());
        return this;
    }

    Case blackHole() {
        peers.add(new Peer.BlackHole());
        return this;
    }

    /** Its route is not internal: no mail goes to addresses such as those of all our hosts. */
    Case outside() {
        root = "out.test";
        return this;
    }

    /** It has a route of its own, with these lines; MX records on the hosts' port by default. */
    Case route(String... lines) {
        root = "own.test";
        route.addAll(List.of(lines));
        return this;
    }

    // What is sent.

    /**
     * Recipients, local parts or addresses ({@code {d}} is the domain), perhaps with parameters.
     */
    Case to(String... whom) {
        recipients.clear();
        recipients.addAll(List.of(whom));
        return this;
    }

    Case from(String reversePath) {
        from = reversePath;
        return this;
    }

    /** Parameters of MAIL. */
    Case with(String mailParameters) {
        parameters = " " + mailParameters;
        return this;
    }

    Case content(String text) {
        content = text;
        return this;
    }

    /** So many messages, one behind the other. */
    Case times(int count) {
        times = count;
        return this;
    }

    // What has to come of it.

    /** These recipients (all, when none are given) get every message, once. */
    Case delivers(String... who) {
        return check(seen -> seen.named(who).forEach(seen::isDelivered));
    }

    /** A failure at once, with this status in the report, and this text in its diagnostic. */
    Case fails(String status, String text, String... who) {
        return check(seen -> seen.named(who).forEach(each -> seen.isFailed(each, status, text)));
    }

    /** Tried until the message expires; the report has the text of the last try. */
    Case expires(String text, String... who) {
        return check(seen -> seen.named(who).forEach(each -> seen.isExpired(each, text)));
    }

    /** Deferred at least once, charged to this, with this text. */
    Case defers(String cause, String text, String... who) {
        return check(seen -> seen.named(who).forEach(each -> seen.isDeferred(each, cause, text)));
    }

    /** It is not deferred. */
    Case atOnce() {
        return check(Evidence::isNeverDeferred);
    }

    /** Hosts (from 1) in the order in which they were connected to first; no others were. */
    Case tries(int... hosts) {
        return check(seen -> seen.isTried(hosts));
    }

    /** Connections to a host (from 1). */
    Case connections(int host, int least, int most) {
        return check(seen -> seen.hasConnections(host, least, most));
    }

    /** A host (from 1) hears a command that has this. */
    Case hears(int host, String text) {
        return check(seen -> seen.hears(host, text));
    }

    /** A host (from 1) never hears a command that has this. */
    Case neverHears(int host, String text) {
        return check(seen -> seen.neverHears(host, text));
    }

    /** There is a report with all these texts. */
    Case reports(String... texts) {
        return check(seen -> seen.isReported(texts));
    }

    /** No report has this text. */
    Case neverReports(String text) {
        return check(seen -> seen.isNeverReported(text));
    }

    /** Some message may come twice: it was perhaps delivered. */
    Case maybeTwice() {
        ambiguous = true;
        return this;
    }

    Case check(Consumer<Evidence> more) {
        checks.add(more);
        return this;
    }

    // For who runs it.

    String name() {
        return name;
    }

    String domain() {
        return name + "." + root;
    }

    List<Peer> peers() {
        return peers;
    }

    List<Consumer<Evidence>> checks() {
        return checks;
    }

    boolean isAmbiguous() {
        return ambiguous;
    }

    /** The lines of its zone. */
    List<String> zoneLines() {
        List<String> lines = new ArrayList<>(zone);
        boolean hasMx = zone.stream().anyMatch(line -> line.startsWith("@ "));
        for (int i = 1; i <= peers.size(); i++) {
            String host = "mx" + i;
            if (!hasMx) {
                lines.add("@ MX " + i * 10 + " " + host);
            }
            if (zone.stream().noneMatch(line -> line.startsWith(host + " "))) {
                lines.add(host + " " + (isSix(i) ? "AAAA" : "A") + " {" + i + "}");
            }
        }
        return lines;
    }

    private boolean isSix(int host) {
        return peers.get(host - 1) instanceof Peer.Listening(String address, var rules)
                && address.contains(":");
    }

    /** Its own route as a section of the configuration; empty for none. */
    String routeSection() {
        if (route.isEmpty()) {
            return "";
        }
        String patterns = "to = [\"*@%1$s\", \"*@*.%1$s\"]".formatted(domain());
        var section = new StringBuilder("\n[[route]]\nname = \"" + name + "\"\n" + patterns);
        if (route.stream().noneMatch(line -> line.startsWith("via"))) {
            section.append("\nvia = \"mx\"\ninternal = true");
        }
        if (route.stream().noneMatch(line -> line.startsWith("port"))) {
            section.append("\nport = {port}");
        }
        route.forEach(line -> section.append('\n').append(line));
        return section.append('\n').toString();
    }

    String from() {
        return from;
    }

    /** The local part of the mailbox that reports go to. */
    String reportsTo() {
        return from.substring(0, Math.max(0, from.indexOf('@')));
    }

    String parameters() {
        return parameters;
    }

    int times() {
        return times;
    }

    /** The content of one of the messages. */
    String content(int number) {
        return "X-Number: " + number + "\r\n" + content;
    }

    /** What stands behind RCPT TO:, octets as characters. */
    List<String> rcpts() {
        return recipients.stream()
                .map(Case::words)
                .map(
                        words ->
                                "<"
                                        + address(words[0])
                                        + ">"
                                        + (words.length > 1 ? " " + words[1] : ""))
                .map(line -> line.replace("{d}", domain()))
                .map(Case::octets)
                .toList();
    }

    /** The addresses of all recipients, as they are logged. */
    List<String> addresses() {
        return recipients.stream().map(each -> address(words(each)[0])).map(Case::normal).toList();
    }

    private static String normal(String address) {
        int at = address.lastIndexOf('@') + 1;
        String domain = address.substring(at);
        boolean isName = !domain.startsWith("[");
        return address.substring(0, at)
                + (isName ? IDN.toASCII(domain) : domain).toLowerCase(Locale.ROOT);
    }

    String address(String localPart) {
        String whole = localPart.contains("@") ? localPart : localPart + "@{d}";
        return whole.replace("{d}", domain());
    }

    /** An address, and perhaps its parameters. */
    private static String[] words(String recipient) {
        return recipient.split(" (?=NOTIFY=|ORCPT=)", 2);
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return name + " " + Arrays.toString(recipients.toArray());
    }
}

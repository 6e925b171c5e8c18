package org.posthouse.daemon.config;

import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;
import org.posthouse.policy.Route.HostPort;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A first configuration, from the answers to four questions; as a file it has comments.
 *
 * @param hostname our name
 * @param local domains whose mail is stored here
 * @param clients networks that may send to the outside
 * @param logins who logs in may send to the outside
 * @param smarthost where mail leaves; empty: by the MX records of its domains
 * @param bind where mail comes in
 */
public record FirstConfig(
        String hostname,
        List<String> local,
        List<String> clients,
        boolean logins,
        String smarthost,
        String bind) {
    /** The files that a configuration with logins names, beside it. */
    public static final String USERS = "users";

    /** The certificate chain, beside it. */
    public static final String CERTIFICATE = "mail.pem";

    /** The certificate's key, beside it. */
    public static final String KEY = "mail-key.pem";

    /** Of the documentation (RFC 5737): nobody comes from there. */
    private static final String STRANGER = "203.0.113.9";

    private static final int SMTP_PORT = 25;
    private static final int SUBMISSION_PORT = 587;

    /** Copies the lists. */
    public FirstConfig {
        local = List.copyOf(local);
        clients = List.copyOf(clients);
    }

    /** In lower case; empty when this is no host name. */
    public static Optional<String> hostName(String text) {
        return Types.hostName(text.strip());
    }

    /** Names between commas or blanks; empty when one of them is no domain. */
    public static Optional<List<String>> domains(String text) {
        return words(text, FirstConfig::hostName);
    }

    /** Networks between commas or blanks; empty when one of them is none. */
    public static Optional<List<String>> networks(String text) {
        return words(text, word -> Types.checked(word, IpNetwork::parse));
    }

    /** With the port for submissions; empty when this is no host. */
    public static Optional<String> smarthost(String text) {
        return Types.checked(text.strip(), word -> HostPort.parse(word, SUBMISSION_PORT))
                .map(word -> HostPort.parse(word, SUBMISSION_PORT).toString());
    }

    /** With port 25; empty when this is no address. */
    public static Optional<String> bind(String text) {
        String word = text.strip();
        return Types.address(word, SMTP_PORT)
                .map(at -> word.endsWith(":" + at.getPort()) ? word : word + ":" + SMTP_PORT);
    }

    private static Optional<List<String>> words(
            String text, Function<String, Optional<String>> parser) {
        var words = new ArrayList<String>();
        for (String word : text.strip().split("[,\\s]+", -1)) {
            Optional<String> read = word.isEmpty() ? Optional.empty() : parser.apply(word);
            if (read.isPresent()) {
                words.add(read.get());
            } else if (!word.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(words);
    }

    /** The file. */
    public String text() {
        return head() + listeners() + domainsTable() + rules() + route() + test();
    }

    private String head() {
        return """
        # All settings: posthouse config explain KEY, docs/configuration.md
        # After a change: posthouse check --config FILE, posthouse reload --config FILE

        # Our name in greetings and towards other servers: it needs an address, whose PTR record leads back to it.
        hostname = "%s"
        data     = "posthouse-data"     # the queue, and mail for local domains

        """
                .formatted(hostname);
    }

    private String listeners() {
        String listener =
                """
                [listener.mail]                 # from other servers, and from clients that may relay by their address
                bind = "%s"

                """
                        .formatted(bind);
        if (!logins) {
            return listener;
        }
        return listener
                + """
                [listener.submission]           # from people and programs that log in
                bind = "%s"
                tls  = "require"
                auth = "required"

                [tls]                           # made by `config init`, signed by nobody: put one of a CA in its place
                certificate = "file:%s"   # read again within ten seconds when it changes
                key         = "file:%s"

                [auth]
                users = "file:%s"            # posthouse user add LOGIN --config FILE

                """
                        .formatted(submission(), CERTIFICATE, KEY, USERS);
    }

    /** The same address, with port 587, or a port as far above 1024. */
    private String submission() {
        int colon = bind.lastIndexOf(':');
        int port = Integer.parseInt(bind.substring(colon + 1));
        return bind.substring(0, colon + 1)
                + (port == SMTP_PORT ? SUBMISSION_PORT : port == 0 ? 0 : port + 1);
    }

    private String domainsTable() {
        return """
        [domains]                       # whose mail is stored here, never relayed
        local = %s
        # recipients = "file:recipients"  # known addresses, one a line; without it every address of a local domain takes mail
        # aliases    = "file:aliases"     # addresses that stand for others

        """
                .formatted(list(local));
    }

    private String rules() {
        var rules = new StringBuilder();
        rules.append("# Who may send to the outside: the first [[relay]] that matches.");
        rules.append(" Without one nobody may, not even this machine.\n");
        if (!clients.isEmpty()) {
            rules.append("[[relay]]\nname    = \"our-networks\"\nclients = ");
            rules.append(list(clients)).append("\n\n");
        }
        if (logins) {
            rules.append("[[relay]]\nname    = \"people\"\nauth    = true\n");
            rules.append("send_as = \"own\"                 # only with addresses of their own;");
            rules.append(" `user add --send-as` gives more\n\n");
        }
        if (clients.isEmpty() && !logins) {
            rules.append("# [[relay]]\n# name    = \"our-networks\"\n");
            rules.append("# clients = [\"10.20.0.0/16\"]\n\n");
        }
        return rules.toString();
    }

    private String route() {
        if (smarthost.isEmpty()) {
            return """
            # How it leaves: without a [[route]], by the MX records of the recipient's domain.

            """;
        }
        return """
        [[route]]                       # how it leaves: all by one host
        name = "smarthost"
        via  = "smarthost"
        host = "%s"
        # auth = { user = "USER", password = "file:smarthost-password" }   # where it wants a login

        """
                .formatted(smarthost);
    }

    private String test() {
        IpAddress stranger = IpAddress.parse(STRANGER);
        if (clients.stream().anyMatch(each -> IpNetwork.parse(each).contains(stranger))) {
            return "";
        }
        return """
        [[expect]]                      # a test: `check`, `run` and `reload` refuse a file that fails it
        ask    = { client = "%s", from = "x@evil.example", to = "ada@far.example" }
        answer = "refuse"
        """
                .formatted(STRANGER);
    }

    private static String list(List<String> words) {
        return words.isEmpty() ? "[]" : "[\"" + String.join("\", \"", words) + "\"]";
    }
}

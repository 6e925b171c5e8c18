package org.posthouse.interop;

/** Pieces of configurations. */
final class Configurations {
    /** Receives for shop.example on a free port. */
    static final String LOCAL =
            """
            hostname = "mail.shop.example"
            data = "data"

            [listener.in]
            bind = "127.0.0.1:0"

            [domains]
            local = ["shop.example"]
            """;

    /** Loopback may relay. */
    static final String RELAY =
            """

            [[relay]]
            name = "loopback"
            clients = ["127.0.0.0/8"]
            """;

    private Configurations() {}

    /** All outside mail by MX records, as the name server has them. */
    static String byMx(int dnsPort, int smtpPort) {
        return """

        [[route]]
        name = "mx"
        via = "mx"
        port = %d
        internal = true

        [dns]
        servers = ["127.0.0.1:%d"]
        """
                .formatted(smtpPort, dnsPort);
    }

    /** All outside mail to one host. */
    static String smarthost(String hostAndPort) {
        return """

        [[route]]
        name = "smarthost"
        via = "smarthost"
        host = "%s"
        """
                .formatted(hostAndPort);
    }

    /** Impatient, so that tests need not wait. */
    static String retry(String delay) {
        return """

        [retry]
        ladder = ["%1$s"]
        probe_first = "%1$s"
        probe_max = "%1$s"
        """
                .formatted(delay);
    }
}

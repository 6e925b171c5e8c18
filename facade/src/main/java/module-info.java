/** An SMTP server and durable relay to embed: start at {@link org.posthouse.Posthouse}. */
@org.jspecify.annotations.NullMarked
module org.posthouse {
    requires jdk.jfr;
    requires static transitive org.jspecify;
    requires transitive org.posthouse.core;
    requires transitive org.posthouse.platform;
    requires transitive org.posthouse.policy;
    requires transitive org.posthouse.server;
    requires transitive org.posthouse.client;
    requires transitive org.posthouse.spool;
    requires transitive org.posthouse.store;
    requires transitive org.posthouse.relay;

    exports org.posthouse;
}

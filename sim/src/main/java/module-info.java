/** A simulated platform: seeded threads, virtual time, and network, DNS and disk in memory. */
@org.jspecify.annotations.NullMarked
module org.posthouse.sim {
    requires static transitive org.jspecify;
    requires transitive org.posthouse.platform;
    requires transitive org.posthouse.core;

    exports org.posthouse.sim;
}

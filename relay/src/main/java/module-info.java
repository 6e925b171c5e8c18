/** Gets accepted mail to where it belongs: schedule, routes, attempts, outcomes, reports. */
@org.jspecify.annotations.NullMarked
module org.posthouse.relay {
    requires static transitive org.jspecify;
    requires transitive org.posthouse.core;
    requires transitive org.posthouse.platform;
    requires transitive org.posthouse.policy;
    requires transitive org.posthouse.client;
    requires transitive org.posthouse.spool;
    requires transitive org.posthouse.store;

    exports org.posthouse.relay;
}

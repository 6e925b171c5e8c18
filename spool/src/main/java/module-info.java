/** Where accepted messages live until they are settled: the SPI and the embedded log. */
@org.jspecify.annotations.NullMarked
module org.posthouse.spool {
    requires static transitive org.jspecify;
    requires transitive org.posthouse.core;
    requires transitive org.posthouse.platform;

    exports org.posthouse.spool;
}

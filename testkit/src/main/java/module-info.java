/** A test kit: a mail server for tests that fails on demand, and contract suites for the SPIs. */
@org.jspecify.annotations.NullMarked
module org.posthouse.testkit {
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires transitive org.posthouse;
    requires transitive org.posthouse.sim;
    requires static transitive org.assertj.core;

    exports org.posthouse.testkit;
    exports org.posthouse.testkit.spool;

    // extensions are made, and the tests of a contract found, by reflection; they are no API
    opens org.posthouse.testkit to
            org.junit.platform.commons;
    opens org.posthouse.testkit.spool to
            org.junit.platform.commons;
}

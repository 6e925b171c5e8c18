/**
 * The one pure decision: is a recipient local, who may relay, by which route. Knows no I/O and no
 * configuration syntax.
 */
@org.jspecify.annotations.NullMarked
module org.posthouse.policy {
    requires static transitive org.jspecify;
    requires transitive org.posthouse.core;

    exports org.posthouse.policy;
}

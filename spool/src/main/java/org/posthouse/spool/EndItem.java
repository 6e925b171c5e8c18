package org.posthouse.spool;

/** Stands at the top of an inbox that takes nothing any more. */
final class EndItem extends Item {
    @Override
    int octets() {
        return 0;
    }
}

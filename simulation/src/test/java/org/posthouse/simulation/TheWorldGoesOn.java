package org.posthouse.simulation;

/**
 * No deadlock, no thread that dies, no steps without end; and an engine runs until it is closed.
 */
final class TheWorldGoesOn {
    private TheWorldGoesOn() {}
}

package org.posthouse.client;

/** One conversation with one next hop. */
final class ClientSession {
    private ClientSession() {}
}

package org.posthouse.testkit;

import org.posthouse.platform.Https;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The documents that a make-believe internet has. */
final class FakeHttps implements Https {
    /** By host and path. */
    private final Map<String, Fetched> documents = new ConcurrentHashMap<>();

    /** Serves a plain text there. */
    void serve(String host, String path, String text) {
        documents.put(host + path, new Fetched.Document("text/plain", text));
    }

    @Override
    public Fetched get(String host, List<InetAddress> addresses, String path, Limits limits) {
        var nothing = new Fetched.Failed(false, "no host of this internet serves that");
        return documents.getOrDefault(host + path, nothing);
    }
}

package org.posthouse;

import org.posthouse.server.ListenerSettings;
import org.posthouse.server.ListenerSettings.Tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/** The listeners as the server takes them. */
final class ListenerPlans {
    private ListenerPlans() {}

    /**
     * Those of some settings.
     *
     * @param certificate what they show; empty: none of them has TLS
     */
    static List<ListenerSettings> of(
            EngineSettings settings, Optional<Supplier<SSLContext>> certificate) {
        var listeners = new ArrayList<ListenerSettings>();
        for (ListenerBuilder listener : settings.listeners()) {
            Tls byDefault = certificate.isPresent() ? Tls.OFFER : Tls.OFF;
            String hostname = listener.hostname.isEmpty() ? settings.hostname() : listener.hostname;
            ListenerSettings.Builder to =
                    begin(listener, hostname)
                            .tls(listener.tlsGiven ? listener.tls : byDefault)
                            .asksForClientCertificate(listener.asksForClientCertificate)
                            .protocol(listener.protocol)
                            .completionDomain(listener.completionDomain)
                            .auth(listener.auth)
                            .mechanisms(listener.mechanisms)
                            .lockout(listener.lockout)
                            .limits(settings.limits())
                            .content(settings.content())
                            .discards(settings.discards())
                            .greeting(listener.greeting)
                            .goodbye(listener.goodbye)
                            .refusesEarlyTalk(listener.refusesEarlyTalk)
                            .greetingPause(listener.greetingPause)
                            .needsHello(listener.needsHello)
                            .takesClearTextLogins(listener.takesClearTextLogins)
                            .completesSubmissions(listener.completesSubmissions)
                            .receivedField(listener.receivedField)
                            .keywords(listener.keywords)
                            .frontEnds(listener.frontEnds)
                            .proxies(listener.proxies);
            certificate.ifPresent(to::tlsContext);
            listeners.add(to.build());
        }
        return listeners;
    }

    /** The same without a certificate at hand: to be looked at, not to be used. */
    static List<ListenerSettings> unused(EngineSettings settings) {
        Supplier<SSLContext> none =
                () -> {
                    throw new IllegalStateException("these listeners are to be looked at only");
                };
        return of(
                settings, settings.certificates().isEmpty() ? Optional.empty() : Optional.of(none));
    }

    private static ListenerSettings.Builder begin(ListenerBuilder listener, String hostname) {
        return listener.socket
                .map(socket -> ListenerSettings.builder(listener.name, socket, hostname))
                .orElseGet(() -> ListenerSettings.builder(listener.name, listener.bind, hostname));
    }
}

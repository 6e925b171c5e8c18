package org.posthouse.relay;

import java.net.InetAddress;
import java.util.List;

/** Goes through the addresses of a list of hosts, host by host. */
final class HostPlan {
    private List<Exchangers.Host> hosts;
    private int host;
    private int address = -1;

    HostPlan(List<Exchangers.Host> hosts) {
        this.hosts = hosts;
    }

    /** Moves to the next address; false at the end. */
    boolean next() {
        if (host >= hosts.size()) {
            return false;
        }
        address++;
        if (address >= hosts.get(host).addresses().size()) {
            host++;
            address = 0;
        }
        return host < hosts.size();
    }

    /** The host has no address behind this one. */
    boolean isLastAddress() {
        return address == hosts.get(host).addresses().size() - 1;
    }

    /** The other addresses of this host are left out. */
    void skipHost() {
        host++;
        address = -1;
    }

    /** This host turned out to be ourselves: it and all that are not preferred to it go. */
    void dropOurselves() {
        int preference = hosts.get(host).preference();
        hosts = hosts.stream().filter(each -> each.preference() < preference).toList();
        host = hosts.size();
    }

    Exchangers.Host host() {
        return hosts.get(host);
    }

    InetAddress address() {
        return hosts.get(host).addresses().get(address);
    }
}

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

    /** The host has no address behind this one; true also behind {@link #skipHost}. */
    boolean isLastAddress() {
        return address == hosts.get(host).addresses().size() - 1;
    }

    /** The other addresses of this host are left out, as if the last one had been tried. */
    void skipHost() {
        address = hosts.get(host).addresses().size() - 1;
    }

    /** This host turned out to be ourselves: it and all that are not preferred to it go. */
    void dropOurselves() {
        int preference = hosts.get(host).preference();
        hosts = hosts.stream().filter(each -> each.preference() < preference).toList();
        host = hosts.size();
    }

    /** This address, and the next one where that is of the other family: one of them will do. */
    List<InetAddress> pair() {
        List<InetAddress> all = host().addresses();
        boolean isPair =
                address + 1 < all.size()
                        && all.get(address).getClass() != all.get(address + 1).getClass();
        return all.subList(address, address + (isPair ? 2 : 1));
    }

    /** Goes on to the address that is so many further. */
    void advance(int count) {
        address += count;
    }

    Exchangers.Host host() {
        return hosts.get(host);
    }

    InetAddress address() {
        return hosts.get(host).addresses().get(address);
    }
}

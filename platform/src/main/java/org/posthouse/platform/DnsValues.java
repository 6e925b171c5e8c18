package org.posthouse.platform;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Turns records of the wire into values of the {@link Dns} seam. */
final class DnsValues {
    private DnsValues() {}

    static List<Object> of(List<Record> records) throws IOException {
        List<Object> values = new ArrayList<>(records.size());
        for (Record record : records) {
            values.add(of(record));
        }
        return values;
    }

    private static Object of(Record record) throws IOException {
        return switch (record) {
            case MXRecord mx -> new Dns.Mx(mx.getPriority(), text(mx.getTarget()));
            case ARecord a -> InetAddress.getByAddress(a.getAddress().getAddress());
            case AAAARecord aaaa -> InetAddress.getByAddress(aaaa.getAddress().getAddress());
            case TXTRecord txt -> joined(txt);
            case TLSARecord tlsa -> tlsa(tlsa);
            case CNAMERecord alias -> text(alias.getTarget());
            case PTRRecord ptr -> text(ptr.getTarget());
            default -> throw new IOException("a record of another type");
        };
    }

    /** In lower case and without the final dot; empty for the root. */
    static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static Dns.Tlsa tlsa(TLSARecord record) {
        return new Dns.Tlsa(
                record.getCertificateUsage(),
                record.getSelector(),
                record.getMatchingType(),
                HexFormat.of().formatHex(record.getCertificateAssociationData()));
    }

    private static String joined(TXTRecord record) {
        var octets = new ByteArrayOutputStream();
        for (byte[] string : record.getStringsAsByteArrays()) {
            octets.writeBytes(string);
        }
        return octets.toString(StandardCharsets.UTF_8);
    }
}

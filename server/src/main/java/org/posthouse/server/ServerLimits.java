package org.posthouse.server;

import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;

import java.time.Duration;
import java.util.List;

/**
 * Bounds and deadlines of sessions (RFC 5321 sections 4.5.3.1 and 4.5.3.2).
 *
 * @since 0.1
 */
public final class ServerLimits {
    /** The defaults of the product. */
    public static final ServerLimits DEFAULT = new ServerLimits(new Builder());

    /** A copy that nobody else has. */
    private final Builder values;

    private ServerLimits(Builder values) {
        this.values = values;
    }

    /** A builder filled with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder filled with these limits. */
    public Builder toBuilder() {
        return new Builder(this.values);
    }

    /** Content in octets, also announced as SIZE; 0 for no limit. */
    public long messageOctetsMax() {
        return values.messageOctetsMax;
    }

    /** Recipients of a transaction; at least 100. */
    public int recipientsMax() {
        return values.recipientsMax;
    }

    /** Connections of the listener. */
    public int connectionsMax() {
        return values.connectionsMax;
    }

    /** Connections of one client address (IPv6: of one /64). */
    public int connectionsPerClientMax() {
        return values.connectionsPerClientMax;
    }

    /** Absolute, for each command line. */
    public Duration commandTimeout() {
        return values.commandTimeout;
    }

    /** Absolute, for a transaction from MAIL to the beginning of its content. */
    public Duration transactionTimeout() {
        return values.transactionTimeout;
    }

    /** For a message as a whole, plus its size at the minimum rate. */
    public Duration dataTimeout() {
        return values.dataTimeout;
    }

    /** The minimum rate of content. */
    public long dataOctetsPerSecondMin() {
        return values.dataOctetsPerSecondMin;
    }

    /** Refused commands before the session is ended with 421. */
    public int errorsMax() {
        return values.errorsMax;
    }

    /** Messages of a session. */
    public int transactionsMax() {
        return values.transactionsMax;
    }

    /** The longest header section. */
    public int headerOctetsMax() {
        return values.headerOctetsMax;
    }

    /** More Received fields than this are a loop ({@code 554 5.4.6}). */
    public int receivedFieldsMax() {
        return values.receivedFieldsMax;
    }

    /** Connections of one client address (IPv6: of one /64) in a minute; 0 for no limit. */
    public int connectionsPerMinute() {
        return values.connectionsPerMinute;
    }

    /** Messages of one client address in a minute; 0 for no limit. */
    public int messagesPerMinute() {
        return values.messagesPerMinute;
    }

    /** Recipients of one client address in a minute; 0 for no limit. */
    public int recipientsPerMinute() {
        return values.recipientsPerMinute;
    }

    /**
     * Networks without the limit of connections of one client and without the delay after a wrong
     * login.
     */
    public List<IpNetwork> clientsExempt() {
        return values.clientsExempt;
    }

    /** True when the limits of one client are not for this one. */
    boolean exempts(IpAddress client) {
        for (IpNetwork network : values.clientsExempt) {
            if (network.contains(client)) {
                return true;
            }
        }
        return false;
    }

    private List<Object> all() {
        return List.of(
                messageOctetsMax(),
                recipientsMax(),
                connectionsMax(),
                connectionsPerClientMax(),
                commandTimeout(),
                values.dataTimeout,
                values.dataOctetsPerSecondMin,
                values.errorsMax,
                values.transactionsMax,
                values.headerOctetsMax,
                values.receivedFieldsMax,
                values.connectionsPerMinute,
                values.messagesPerMinute,
                values.recipientsPerMinute,
                values.clientsExempt);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServerLimits that && all().equals(that.all());
    }

    @Override
    public int hashCode() {
        return all().hashCode();
    }

    /** Collects limits. */
    public static final class Builder {
        private long messageOctetsMax = 50_000_000;
        private int recipientsMax = 1000;
        private int connectionsMax = 10_000;
        private int connectionsPerClientMax = 100;
        private Duration commandTimeout = Duration.ofMinutes(5);
        private Duration transactionTimeout = Duration.ofMinutes(30);
        private Duration dataTimeout = Duration.ofMinutes(10);
        private long dataOctetsPerSecondMin = 1024;
        private int errorsMax = 20;
        private int transactionsMax = 10_000;
        private int headerOctetsMax = 256 * 1024;
        private int receivedFieldsMax = 50;
        private int connectionsPerMinute;
        private int messagesPerMinute;
        private int recipientsPerMinute;
        private List<IpNetwork> clientsExempt = List.of();

        private Builder() {}

        private Builder(Builder other) {
            messageOctetsMax = other.messageOctetsMax;
            recipientsMax = other.recipientsMax;
            connectionsMax = other.connectionsMax;
            connectionsPerClientMax = other.connectionsPerClientMax;
            commandTimeout = other.commandTimeout;
            transactionTimeout = other.transactionTimeout;
            dataTimeout = other.dataTimeout;
            dataOctetsPerSecondMin = other.dataOctetsPerSecondMin;
            errorsMax = other.errorsMax;
            transactionsMax = other.transactionsMax;
            headerOctetsMax = other.headerOctetsMax;
            receivedFieldsMax = other.receivedFieldsMax;
            connectionsPerMinute = other.connectionsPerMinute;
            messagesPerMinute = other.messagesPerMinute;
            recipientsPerMinute = other.recipientsPerMinute;
            clientsExempt = other.clientsExempt;
        }

        /** Content in octets, also announced as SIZE; 0 for no limit. */
        public Builder messageOctetsMax(long messageOctetsMax) {
            this.messageOctetsMax = messageOctetsMax;
            return this;
        }

        /** Recipients of a transaction; at least 100. */
        public Builder recipientsMax(int recipientsMax) {
            this.recipientsMax = recipientsMax;
            return this;
        }

        /** Connections of the listener. */
        public Builder connectionsMax(int connectionsMax) {
            this.connectionsMax = connectionsMax;
            return this;
        }

        /** Connections of one client address (IPv6: of one /64). */
        public Builder connectionsPerClientMax(int connectionsPerClientMax) {
            this.connectionsPerClientMax = connectionsPerClientMax;
            return this;
        }

        /** Absolute, for each command line. */
        public Builder commandTimeout(Duration commandTimeout) {
            this.commandTimeout = commandTimeout;
            return this;
        }

        /** Absolute, for a transaction from MAIL to the beginning of its content. */
        public Builder transactionTimeout(Duration transactionTimeout) {
            this.transactionTimeout = transactionTimeout;
            return this;
        }

        /** For a message as a whole, plus its size at the minimum rate. */
        public Builder dataTimeout(Duration dataTimeout) {
            this.dataTimeout = dataTimeout;
            return this;
        }

        /** The minimum rate of content. */
        public Builder dataOctetsPerSecondMin(long dataOctetsPerSecondMin) {
            this.dataOctetsPerSecondMin = dataOctetsPerSecondMin;
            return this;
        }

        /** Refused commands before the session is ended with 421. */
        public Builder errorsMax(int errorsMax) {
            this.errorsMax = errorsMax;
            return this;
        }

        /** Messages of a session. */
        public Builder transactionsMax(int transactionsMax) {
            this.transactionsMax = transactionsMax;
            return this;
        }

        /** The longest header section. */
        public Builder headerOctetsMax(int headerOctetsMax) {
            this.headerOctetsMax = headerOctetsMax;
            return this;
        }

        /** More Received fields than this are a loop ({@code 554 5.4.6}). */
        public Builder receivedFieldsMax(int receivedFieldsMax) {
            this.receivedFieldsMax = receivedFieldsMax;
            return this;
        }

        /** Connections of one client address (IPv6: of one /64) in a minute; 0 for no limit. */
        public Builder connectionsPerMinute(int connectionsPerMinute) {
            this.connectionsPerMinute = connectionsPerMinute;
            return this;
        }

        /** Messages of one client address in a minute; 0 for no limit. */
        public Builder messagesPerMinute(int messagesPerMinute) {
            this.messagesPerMinute = messagesPerMinute;
            return this;
        }

        /** Recipients of one client address in a minute; 0 for no limit. */
        public Builder recipientsPerMinute(int recipientsPerMinute) {
            this.recipientsPerMinute = recipientsPerMinute;
            return this;
        }

        /**
         * Networks without the limit of connections of one client and without the delay after a
         * wrong login.
         */
        public Builder clientsExempt(List<IpNetwork> clientsExempt) {
            this.clientsExempt = List.copyOf(clientsExempt);
            return this;
        }

        /** The limits. */
        public ServerLimits build() {
            return new ServerLimits(new Builder(this));
        }
    }
}

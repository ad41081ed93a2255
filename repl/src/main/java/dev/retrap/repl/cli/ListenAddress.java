package dev.retrap.repl.cli;

import dev.retrap.repl.terminal.Trouble;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The value of {@code --listen}: {@code PORT}, {@code :PORT}, {@code HOST:PORT} or {@code [IPv6]:PORT}. */
final class ListenAddress {
    private ListenAddress() {}

    /**
     * Parses an address; without a host it is the loopback interface.
     *
     * @throws Trouble if it is none
     */
    static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new Trouble("--listen " + text + ": write an IPv6 address in brackets, as in [::1]:1234");
        }
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= 65535) {
                InetAddress address = host.isEmpty() ? InetAddress.getByName("127.0.0.1") : InetAddress.getByName(host);
                return new InetSocketAddress(address, number);
            }
        } catch (NumberFormatException e) {
            // Said below.
        } catch (UnknownHostException e) {
            throw new Trouble(
                    "--listen " + text + ": no host " + host + " is known; name an address of this machine", e);
        }
        throw new Trouble("--listen " + text + ": the port must be a number from 0 to 65535, as in 127.0.0.1:1234");
    }

    /** {@return an address as gdb takes it} */
    static String format(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}

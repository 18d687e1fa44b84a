package dev.caretaker.server.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server at 127.0.0.1 that answers what it is told to, and offers STARTTLS if it has a certificate. */
public final class SmtpReceiver implements AutoCloseable {
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Optional<SSLContext> tls;
    private final ServerSocket server;
    private volatile Answer answer;

    public SmtpReceiver(Optional<SSLContext> tls) {
        this.tls = tls;
        answer = command -> Optional.empty();
        try {
            server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Chooses the reply to a command, to the connection (CONNECT) and to the text of a mail (TEXT); empty: all is well. */
    @FunctionalInterface
    public interface Answer {
        Optional<String> to(String command);
    }

    public void answer(Answer next) {
        answer = next;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** All that was said to it; text of mails left out. Over TLS they begin with "tls ". */
    public List<String> commands() {
        return commands;
    }

    /** As they came, headers and body. */
    public List<String> mails() {
        return mails;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // it is closed
            }
        }
    }

    private void serve(Socket plain) {
        try (Socket first = plain) {
            Socket socket = first;
            if (converse(socket, "")) {
                SSLSocket secured = (SSLSocket)
                        tls.orElseThrow().getSocketFactory().createSocket(socket, null, socket.getPort(), true);
                secured.setUseClientMode(false);
                converse(secured, "tls ");
            }
        } catch (IOException e) {
            // the other side has hung up
        }
    }

    /** True if the conversation goes on over TLS. */
    private boolean converse(Socket socket, String prefix) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        if (prefix.isEmpty()) {
            reply(socket, "CONNECT", "220 here");
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            commands.add(prefix + line);
            String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO" -> {
                    String offer = tls.isPresent() && prefix.isEmpty() ? "250-STARTTLS\r\n" : "";
                    reply(socket, line, "250-here\r\n" + offer + "250 AUTH PLAIN LOGIN");
                }
                case "STARTTLS" -> {
                    reply(socket, line, "220 go on");
                    return true;
                }
                case "AUTH" -> reply(socket, line, "235 welcome");
                case "DATA" -> {
                    if (reply(socket, line, "354 go on").startsWith("354")) {
                        String mail = text(in);
                        if (reply(socket, "TEXT", "250 taken").startsWith("250")) {
                            mails.add(mail);
                        }
                    }
                }
                case "QUIT" -> {
                    reply(socket, line, "221 bye");
                    return false;
                }
                default -> reply(socket, line, "250 ok");
            }
        }
        return false;
    }

    private static String text(BufferedReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return text.toString();
    }

    private String reply(Socket socket, String command, String usual) throws IOException {
        String reply = answer.to(command).orElse(usual);
        OutputStream out = socket.getOutputStream();
        out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return reply;
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}

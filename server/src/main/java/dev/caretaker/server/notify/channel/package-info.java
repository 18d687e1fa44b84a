/** How each kind of channel is spoken to. {@link dev.caretaker.server.notify.channel.Channels} is the door. */
package dev.caretaker.server.notify.channel;

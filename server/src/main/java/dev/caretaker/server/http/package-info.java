/** The HTTP port: metrics and health. Stands beside the API; what it tells comes from the control store and from this process. */
package dev.caretaker.server.http;

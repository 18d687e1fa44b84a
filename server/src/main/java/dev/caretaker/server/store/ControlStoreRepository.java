package dev.caretaker.server.store;

import io.micronaut.aop.Around;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Statements on tables of the control store. Each joins the transaction of {@link ControlStore#transaction} that is under
 * way, if any; all throw what {@link ControlStore} does.
 */
@Around
@JdbcRepository(dialect = Dialect.POSTGRES)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ControlStoreRepository {}

SELECT secret
FROM caretaker.browser_key

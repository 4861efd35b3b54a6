// Nothing: malloc is libc's then.

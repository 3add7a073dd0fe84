"""What stops the start: values of the site file that can never work, and an unsafe production.

One job: find the first fault and say it in one line, with the file or variable, the key and what
to do. It is not for reading files and variables (`site_file`, `settings`), nor for anything that
can only be seen while serving.
"""

* * * * * root false

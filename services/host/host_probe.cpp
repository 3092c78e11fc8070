namespace services {}
